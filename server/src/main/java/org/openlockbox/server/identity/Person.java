package org.openlockbox.server.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;

/// Somebody who uses the portal: of one tenant, or of the provider.
public record Person(
    long id,
    Optional<TenantId> tenant,
    SubjectId subject,
    MailAddress address,
    String name,
    Set<Role> roles) {
  public Person {
    roles = Set.copyOf(roles);
  }

  /// What this person may do, as every part of the server asks it.
  public Caller caller() {
    return new Caller(subject, name, roles, tenant);
  }

  /// Reads the columns id, tenant_id, subject, address, name and roles.
  public static Person read(ResultSet row) throws SQLException {
    return new Person(
        row.getLong("id"),
        Optional.ofNullable(row.getString("tenant_id")).map(TenantId::new),
        new SubjectId(row.getString("subject")),
        new MailAddress(row.getString("address")),
        row.getString("name"),
        Arrays.stream((String[]) row.getArray("roles").getArray())
            .map(Role::parse)
            .collect(Collectors.toSet()));
  }
}
