-- as a view
-- Every null of `models` that must be accounted for.
{null_cells_of_models}
