"""Several people at one queue: who is asked, who has done what, what the labels mean."""
