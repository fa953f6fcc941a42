package org.openlockbox.postgres.personal;

import org.openlockbox.postgres.catalogue.SchemaColumn;
import org.openlockbox.postgres.catalogue.TableName;

/// A column of a table.
public record ColumnPlace(TableName table, SchemaColumn column) {}
