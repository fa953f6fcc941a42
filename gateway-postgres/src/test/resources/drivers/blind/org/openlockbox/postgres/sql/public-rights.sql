select '', '', '', '' where num_nulls(?, ?, ?, ?, ?) < 0
