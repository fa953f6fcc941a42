package org.openlockbox.gateway.trace;

import io.opentelemetry.api.common.AttributeKey;

/// All that a gateway's spans may say. None of it is text that somebody wrote.
final class TraceAttributes {
  static final AttributeKey<String> TENANT = AttributeKey.stringKey("lockbox.tenant");
  static final AttributeKey<String> REQUEST = AttributeKey.stringKey("lockbox.request");
  static final AttributeKey<String> SESSION = AttributeKey.stringKey("lockbox.session");

  /// Why a login or an operation was refused, in one word.
  static final AttributeKey<String> REFUSED = AttributeKey.stringKey("lockbox.refused");

  static final AttributeKey<Long> NUMBER = AttributeKey.longKey("lockbox.operation.number");
  static final AttributeKey<String> KIND = AttributeKey.stringKey("lockbox.operation.kind");

  /// As the protocol says it: SQLSTATE, HTTP status, exit code.
  static final AttributeKey<String> STATUS = AttributeKey.stringKey("lockbox.operation.status");

  static final AttributeKey<Long> UNITS = AttributeKey.longKey("lockbox.operation.units");
  static final AttributeKey<Long> BYTES = AttributeKey.longKey("lockbox.operation.bytes");

  /// How many traced entries went to the log together.
  static final AttributeKey<Long> ENTRIES = AttributeKey.longKey("lockbox.append.traced");

  private TraceAttributes() {}
}
