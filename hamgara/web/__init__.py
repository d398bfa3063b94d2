"""Pages: areas of views, forms and addresses over the domain."""
