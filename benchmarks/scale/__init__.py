"""What a build costs as evidence grows: a generator, the build, a plain peer and a floor, side by side."""
