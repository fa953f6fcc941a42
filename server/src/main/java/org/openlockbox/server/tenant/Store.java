package org.openlockbox.server.tenant;

import java.util.Objects;
import java.util.function.Supplier;
import org.openlockbox.server.log.TenantLogs;
import org.openlockbox.server.log.append.LogTexts;
import org.openlockbox.server.log.entry.LogReader;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/// What every step of the control plane stands on: the database, its transactions, the tenants and
/// their logs.
public record Store(
    JdbcClient jdbc,
    TransactionTemplate transaction,
    TenantLogs logs,
    LogReader reader,
    LogTexts texts,
    Tenants tenants) {

  /// Does the work in one transaction, or in the caller's if there is one.
  public <T> T within(Supplier<T> work) {
    return Objects.requireNonNull(transaction.execute(_ -> work.get()));
  }
}
