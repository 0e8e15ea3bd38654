-- What is kept of answers is kept as it was said, and no longer as it stood on one day.
UPDATE casefile SET facts = '';
