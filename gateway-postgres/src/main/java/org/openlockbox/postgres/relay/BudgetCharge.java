package org.openlockbox.postgres.relay;

import org.openlockbox.gateway.budget.Budgets.ChargeResult;
import org.openlockbox.gateway.budget.Budgets.Meter;
import org.openlockbox.postgres.wire.ErrorFields;
import org.openlockbox.postgres.wire.MessageBuffer;

/// What a message of the database's costs the budgets of its access. What they give is counted as
/// the statement's result; where one is spent, the client gets nothing more of the batch.
final class BudgetCharge {
  private final Meter meter;
  private final ResultRecorder results;
  private final ErrorRewriter wording;
  private final Runnable cancel;

  /// @param cancel stops the statement that runs
  BudgetCharge(Meter meter, ResultRecorder results, ErrorRewriter wording, Runnable cancel) {
    this.meter = meter;
    this.results = results;
    this.wording = wording;
    this.cancel = cancel;
  }

  /// What the budgets say to the current message. What is withheld costs nothing.
  ChargeResult count(MessageBuffer buffer) {
    if (results.areWithheld()) {
      return ChargeResult.TAKEN;
    }
    int size = buffer.length() + 1;
    return switch (buffer.type()) {
      case 'D', 'd' -> row(size);
      case 'E' -> error(ErrorFields.parse(buffer.copyBody()), size);
      case 'N' -> notice(ErrorFields.parse(buffer.copyBody()), size);
      case 'S' -> text(size); // a setting may be made of what was read
      default -> ChargeResult.TAKEN;
    };
  }

  /// In the place of a message for which a budget is spent. A notice or a setting is left out.
  byte[] instead() {
    return ErrorRewriter.spent(meter.budget());
  }

  private ChargeResult row(int size) {
    ChargeResult said = meter.take(size);
    if (said == ChargeResult.TAKEN) {
      results.row(size);
    } else if (said == ChargeResult.SPENT) {
      results.spent();
      cancel.run();
    }
    return said;
  }

  /// The text of an error may repeat what was read: it is so many bytes like others, if it is
  /// passed on.
  private ChargeResult error(ErrorFields error, int size) {
    ChargeResult said = wording.tellsError(error) ? text(size) : ChargeResult.TAKEN;
    if (said == ChargeResult.SPENT) {
      results.spentByError();
    }
    return said;
  }

  private ChargeResult notice(ErrorFields notice, int size) {
    return wording.tellsNotice(notice) ? text(size) : ChargeResult.TAKEN;
  }

  private ChargeResult text(int size) {
    ChargeResult said = meter.takeText(size);
    if (said == ChargeResult.TAKEN) {
      results.text(size);
    }
    return said;
  }
}
