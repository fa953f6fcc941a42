package org.openlockbox.server.identity;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a person or a token may do. The provider's roles belong to no tenant; a tenant's roles to
/// exactly one.
public enum Role {
  ENGINEER("engineer", false),
  REVIEWER("reviewer", false),
  OPERATOR("operator", false),
  GATEWAY("gateway", false),
  APPROVER("approver", true),
  POLICY_ADMIN("policy-admin", true),
  TENANT_ADMIN("tenant-admin", true),
  AUDITOR("auditor", true);

  private final String word;
  private final boolean ofTenant;

  Role(String word, boolean ofTenant) {
    this.word = word;
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

  /// The words of these roles, in order.
  public static List<String> words(Set<Role> roles) {
    return roles.stream().sorted().map(Role::word).toList();
  }

  public boolean isOfTenant() {
    return ofTenant;
  }
}
