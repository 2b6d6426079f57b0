"""The model as users of Mesa expect it: SolaraViz with the network of the pages."""
