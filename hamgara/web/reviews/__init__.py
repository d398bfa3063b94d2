"""Reviews: how reviewers are drawn by lot, who they are, and what they found."""
