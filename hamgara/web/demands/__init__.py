"""What people ask: the list, one demand, and the form that makes one."""
