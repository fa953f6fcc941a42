-- whether this role may read what pg_hba.conf says
select has_table_privilege('pg_hba_file_rules', 'select') and has_function_privilege('pg_hba_file_rules()'::regprocedure, 'execute')
