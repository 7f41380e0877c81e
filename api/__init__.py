"""What is published: HTTP and written reports."""
