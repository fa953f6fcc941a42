package org.openlockbox.server.notify;

import java.util.Optional;
import org.openlockbox.core.access.ResourceId;
import org.openlockbox.core.subject.SubjectId;
import org.openlockbox.core.tenant.TenantId;
import org.openlockbox.server.provider.Provider;
import org.openlockbox.server.provider.Resource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What mails call tenants, people and resources. A tenant's people read the names of their own
/// people and of the provider's; the provider's people read the ids of a tenant's people, no names.
public final class MailNames {
  private final JdbcClient jdbc;
  private final Provider provider;

  /// `provider` says what its resources are called.
  public MailNames(JdbcClient jdbc, Provider provider) {
    this.jdbc = jdbc;
    this.provider = provider;
  }

  /// `Helpdesk database (helpdesk)`; the id alone once it is no longer served.
  public String resource(ResourceId id) {
    return provider
        .resource(id)
        .map(Resource::name)
        .filter(name -> !name.equals(id.value()))
        .map(name -> "%s (%s)".formatted(name, id))
        .orElse(id.value());
  }

  /// What the tenant is called; its id where it is not founded.
  public String tenant(TenantId tenant) {
    return jdbc.sql("select name from tenant where id = ?")
        .params(tenant.value())
        .query(String.class)
        .optional()
        .orElse(tenant.value());
  }

  /// `Ann Ames (acme-ann)` for a tenant's reader: somebody of theirs or of the provider's. The
  /// provider's people choose what they are called, so it has a line of its own in a mail.
  public String person(TenantId reader, SubjectId id) {
    return named(id, own(reader, id).or(() -> name(Optional.empty(), id)));
  }

  /// The same where it stands within words of ours: only those of the reader's own side by name.
  public String colleague(TenantId reader, SubjectId id) {
    return named(id, own(reader, id));
  }

  private Optional<String> own(TenantId reader, SubjectId id) {
    return name(Optional.of(reader), id);
  }

  /// What somebody of this side is called, or was before they left.
  private Optional<String> name(Optional<TenantId> side, SubjectId id) {
    return jdbc.sql(
            "select name from person where subject = ? and tenant_id is not distinct from ?::text")
        .param(id.value())
        .param(side.map(TenantId::value).orElse(null))
        .query(String.class)
        .optional();
  }

  private static String named(SubjectId id, Optional<String> name) {
    return name.filter(one -> !one.equals(id.value()))
        .map(one -> "%s (%s)".formatted(one, id))
        .orElse(id.value());
  }
}
