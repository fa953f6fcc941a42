/// What a statement is, before it is passed on: read with PostgreSQL's own grammar in worker
/// processes, held against what its session may do, and told to the record.
@org.jspecify.annotations.NullMarked
package org.openlockbox.postgres.statement;
