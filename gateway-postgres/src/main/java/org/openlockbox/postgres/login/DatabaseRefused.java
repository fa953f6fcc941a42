package org.openlockbox.postgres.login;

import org.openlockbox.postgres.wire.ErrorFields;

/// The database answered a login with an error.
final class DatabaseRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DatabaseRefused(ErrorFields error) {
    super(error.sqlState() + ": " + error.message());
  }
}
