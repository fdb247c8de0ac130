"""What would happen if: past days replayed, drafts compared, advice, staffing."""
