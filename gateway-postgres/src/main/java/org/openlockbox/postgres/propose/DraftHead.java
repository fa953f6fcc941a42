package org.openlockbox.postgres.propose;

import java.util.List;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.postgres.catalogue.DatabaseAddress;

/// What a draft says about the resource besides its tables. `schema` is that of tables which are
/// named without one.
record DraftHead(ResourceId id, DatabaseAddress address, String schema, TenantPlaces tenants) {

  /// How the tenants are told apart.
  sealed interface TenantPlaces {}

  /// By a column. `why` are the lines that explain the choice.
  record InColumn(String column, List<String> why) implements TenantPlaces {
    InColumn {
      why = List.copyOf(why);
    }
  }

  /// The whole database is one tenant's.
  record InDatabase(String tenant) implements TenantPlaces {}

  DraftHead with(String otherSchema, TenantPlaces others) {
    return new DraftHead(id, address, otherSchema, others);
  }
}
