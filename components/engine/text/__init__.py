"""Cell texts: reading, counting and casting them."""
