package org.openlockbox.core.access;

import org.openlockbox.core.canonical.EnumWords;

/// Why an engineer asks, as a code; the reason text says it in words.
public enum Purpose {
  CUSTOMER_TICKET("customer_ticket"),
  PROVIDER_MAINTENANCE("provider_maintenance"),
  SECURITY_INCIDENT("security_incident"),
  LEGAL_DEMAND("legal_demand"),
  EMERGENCY("emergency");

  private final String word;

  Purpose(String word) {
    this.word = word;
  }

  public static Purpose parse(String word) {
    return EnumWords.parse(values(), Purpose::word, word, "purpose");
  }

  /// The word used in JSON, columns, flags and labels.
  public String word() {
    return word;
  }
}
