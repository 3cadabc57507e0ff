"""Forms of journeys across apps."""
