def puzzle_of(*a): return {}
