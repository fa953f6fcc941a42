package org.openlockbox.gateway.session;

import org.openlockbox.gateway.postgres.ErrorFields;
import org.openlockbox.gateway.session.Budgets.Meter;
import org.openlockbox.gateway.session.Budgets.Taking;

/// What a message of the database's costs the budgets of its access. What they give is counted as
/// the statement's result.
final class BudgetCharge {
  private final Meter meter;
  private final Results results;
  private final ErrorRewriter wording;

  BudgetCharge(Meter meter, Results results, ErrorRewriter wording) {
    this.meter = meter;
    this.results = results;
    this.wording = wording;
  }

  Taking row(int size) {
    Taking said = meter.take(size);
    if (said == Taking.TAKEN) {
      results.row(size);
    }
    return said;
  }

  /// The text of an error may repeat what was read: it is so many bytes like others, if it is
  /// passed on.
  Taking error(ErrorFields error, int size) {
    return wording.tellsError(error) ? text(size) : Taking.TAKEN;
  }

  Taking notice(ErrorFields notice, int size) {
    return wording.tellsNotice(notice) ? text(size) : Taking.TAKEN;
  }

  /// A setting may be made of what was read.
  Taking setting(int size) {
    return text(size);
  }

  private Taking text(int size) {
    Taking said = meter.takeText(size);
    if (said == Taking.TAKEN) {
      results.text(size);
    }
    return said;
  }
}
