package org.openlockbox.postgres.propose;

import org.openlockbox.postgres.catalogue.TableName;

/// A table that the draft keeps from engineers, and why.
record HiddenTable(TableName name, String why) {}
