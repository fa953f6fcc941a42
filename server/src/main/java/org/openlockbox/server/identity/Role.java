package org.openlockbox.server.identity;

import static java.util.stream.Collectors.joining;

import java.util.Arrays;
import java.util.Set;

/// What a person or a token may do. The provider's roles belong to no tenant; a tenant's roles to
/// exactly one.
public enum Role {
  ENGINEER("engineer", "Engineer", false),
  REVIEWER("reviewer", "Reviewer", false),
  OPERATOR("operator", "Operator", false),
  GATEWAY("gateway", "Gateway", false),
  APPROVER("approver", "Approver", true),
  POLICY_ADMIN("policy-admin", "Policy administrator", true),
  TENANT_ADMIN("tenant-admin", "Administrator", true),
  AUDITOR("auditor", "Auditor", true);

  private final String word;
  private final String title;
  private final boolean ofTenant;

  Role(String word, String title, boolean ofTenant) {
    this.word = word;
    this.title = title;
    this.ofTenant = ofTenant;
  }

  public static Role parse(String word) {
    return Arrays.stream(values())
        .filter(role -> role.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("not a role: " + word));
  }

  public String word() {
    return word;
  }

  /// What mails call these roles, in English.
  public static String titles(Set<Role> roles) {
    return roles.stream().sorted().map(role -> role.title).collect(joining(", "));
  }

  public boolean isOfTenant() {
    return ofTenant;
  }
}
