"""Labels: three numbers about them, whom doubts are about, what is mistaken for what."""
