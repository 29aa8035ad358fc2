"""What leaves the workspace: corrected tables, reports, results."""
