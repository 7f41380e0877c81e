"""What is stored: tables, migrations, the store, evidence files."""
