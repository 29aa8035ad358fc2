"""What doubts about labels mean for groups of people: who is doubted, what accepting would do."""
