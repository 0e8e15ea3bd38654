-- What is kept of a case is worked out anew when the server starts: a contact that was held now makes
-- a signature due (R069), and a request to open is a fact of its own.
UPDATE casefile SET facts = '';
