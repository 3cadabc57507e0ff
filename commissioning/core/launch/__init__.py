"""What `./run` does once Python is there: the commands behind the one command line. Standard library only."""
