package org.openlockbox.core.keyring;

import java.util.Arrays;

/// Whether the provider can get access to a tenant's data at all.
public enum ProviderAccess {
  /// As the policy says.
  ENABLED("enabled"),
  /// Every request is approved at once, and told and recorded.
  AUDIT_ONLY("audit-only"),
  /// Nobody gets access, and all that was given has ended.
  OFF("off");

  private final String word;

  ProviderAccess(String word) {
    this.word = word;
  }

  public static ProviderAccess parse(String word) {
    return Arrays.stream(values())
        .filter(access -> access.word.equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "access is enabled, audit-only or off, not \"%s\"".formatted(word)));
  }

  /// The word used in JSON, flags and labels.
  public String word() {
    return word;
  }
}
