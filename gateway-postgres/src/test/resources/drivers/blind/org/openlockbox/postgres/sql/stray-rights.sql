select '', '', '' where false
