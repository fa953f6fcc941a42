package org.openlockbox.bench.fence;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What a support engineer asks of users, attributes, roles and events. Each is a pair: with the
/// tenant in it, as the application asks the tables, and without, as an engineer asks the views.
enum RealmQuery {
  USER_BY_ID("user by id", "select * from user_entity where id = '${id}' ${and} realm_id ${is}"),
  USER_BY_NAME(
      "user by name", "select * from user_entity where username = '${name}' ${and} realm_id ${is}"),
  USER_BY_MAIL(
      "user by e-mail, a masked column",
      "select * from user_entity where email = '${name}@example.org' ${and} realm_id ${is}"),
  ATTRIBUTES_BY_ID(
      "attributes by the user's id",
      "select name, value from user_attribute where user_id = '${id}'"),
  ATTRIBUTES_BY_NAME(
      "attributes by the user's name: join",
      """
      select a.name, a.value from user_entity u join user_attribute a on a.user_id = u.id
       where u.username = '${name}' ${and} u.realm_id ${is}"""),
  ROLES_BY_NAME(
      "roles by the user's name: three tables",
      """
      select r.name from user_entity u
        join user_role m on m.user_id = u.id join keycloak_role r on r.id = m.role_id
       where u.username = '${name}' ${and} u.realm_id ${is}"""),
  NEWEST_EVENTS(
      "newest 20 events",
      """
      select id, event_time, type from event_entity ${where} realm_id ${is}
       order by event_time desc limit 20"""),
  FIRST_USERS(
      "first 20 users by name",
      "select id, username from user_entity ${where} realm_id ${is} order by username limit 20"),
  JOINED_PAGE(
      "join, order, 20 rows",
      """
      select u.username, a.name, a.value from user_entity u join user_attribute a on a.user_id = u.id
       ${where} u.realm_id ${is} order by u.username limit 20"""),
  COUNT_USERS("count of users", "select count(*) from user_entity ${where} realm_id ${is}"),
  COUNT_ATTRIBUTES(
      "count of attributes, a child table", "select count(*) from user_attribute a ${of_realm}"),
  SEARCHED_ATTRIBUTES(
      "attributes by a part of a column without an index",
      "select a.name from user_attribute a ${of_realm} ${further} a.id like '%${part}%'");

  private final String title;
  private final String sql;

  RealmQuery(String title, String sql) {
    this.title = title;
    this.sql = sql;
  }

  String title() {
    return title;
  }

  /// As the application asks, for user `n` of this realm.
  String direct(String realm, long n) {
    return filled(n)
        .replace("${and}", "and")
        .replace("${where}", "where")
        .replace("${is}", "= '" + realm + "'")
        .replace(
            "${of_realm}",
            "join user_entity u on u.id = a.user_id where u.realm_id = '" + realm + "'")
        .replace("${further}", "and");
  }

  /// As an engineer asks.
  String fenced(long n) {
    return filled(n)
        .replaceAll("\\$\\{(and|where)} (u\\.)?realm_id \\$\\{is}", "")
        .replace("${of_realm}", "")
        .replace("${further}", "where");
  }

  private String filled(long n) {
    return sql.replace("${id}", id(n))
        .replace("${part}", id(n).substring(0, 8))
        .replace("${name}", "user" + n);
  }

  private static String id(long n) {
    try {
      var md5 = MessageDigest.getInstance("MD5");
      return HexFormat.of().formatHex(md5.digest(("u" + n).getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}
