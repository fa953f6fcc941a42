package org.openlockbox.postgres.statement;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Which [StatementClass] a statement node of PostgreSQL's grammar is.
final class StatementClasses {
  private static final Map<String, StatementClass> BY_TYPE =
      Map.ofEntries(
          Map.entry("SelectStmt", StatementClass.SELECT),
          Map.entry("InsertStmt", StatementClass.INSERT),
          Map.entry("UpdateStmt", StatementClass.UPDATE),
          Map.entry("DeleteStmt", StatementClass.DELETE),
          Map.entry("MergeStmt", StatementClass.MERGE),
          Map.entry("VariableShowStmt", StatementClass.SHOW),
          Map.entry("ExplainStmt", StatementClass.EXPLAIN),
          Map.entry("PrepareStmt", StatementClass.PREPARE),
          Map.entry("ExecuteStmt", StatementClass.EXECUTE),
          Map.entry("DeallocateStmt", StatementClass.DEALLOCATE),
          Map.entry("DiscardStmt", StatementClass.DISCARD),
          Map.entry("ClosePortalStmt", StatementClass.CLOSE),
          Map.entry("UnlistenStmt", StatementClass.UNLISTEN),
          Map.entry("ConstraintsSetStmt", StatementClass.SET_CONSTRAINTS),
          Map.entry("CreateTableAsStmt", StatementClass.CREATE_TABLE_AS),
          Map.entry("DeclareCursorStmt", StatementClass.DECLARE),
          Map.entry("FetchStmt", StatementClass.FETCH),
          Map.entry("DoStmt", StatementClass.DO),
          Map.entry("CallStmt", StatementClass.CALL),
          Map.entry("ListenStmt", StatementClass.LISTEN),
          Map.entry("NotifyStmt", StatementClass.NOTIFY),
          Map.entry("LockStmt", StatementClass.LOCK),
          Map.entry("TruncateStmt", StatementClass.TRUNCATE),
          Map.entry("GrantStmt", StatementClass.GRANT),
          Map.entry("GrantRoleStmt", StatementClass.GRANT),
          Map.entry("AlterDefaultPrivilegesStmt", StatementClass.GRANT),
          Map.entry("DropOwnedStmt", StatementClass.GRANT),
          Map.entry("ReassignOwnedStmt", StatementClass.GRANT),
          Map.entry("AlterRoleStmt", StatementClass.ALTER_ROLE),
          Map.entry("AlterRoleSetStmt", StatementClass.ALTER_ROLE),
          Map.entry("VacuumStmt", StatementClass.MAINTENANCE),
          Map.entry("ClusterStmt", StatementClass.MAINTENANCE),
          Map.entry("ReindexStmt", StatementClass.MAINTENANCE),
          Map.entry("RefreshMatViewStmt", StatementClass.MAINTENANCE),
          Map.entry("CheckPointStmt", StatementClass.MAINTENANCE));

  private StatementClasses() {}

  static StatementClass of(String type, JsonNode node) {
    return switch (type) {
      case "TransactionStmt" -> transaction(node.path("kind").asString(""));
      case "VariableSetStmt" ->
          setting(node.path("kind").asString(""), node.path("name").asString(""));
      case "CopyStmt" -> copy(node);
      default -> BY_TYPE.getOrDefault(type, StatementClass.DEFINITION);
    };
  }

  private static StatementClass transaction(String kind) {
    return switch (kind) {
      case "TRANS_STMT_BEGIN", "TRANS_STMT_START" -> StatementClass.BEGIN;
      case "TRANS_STMT_COMMIT" -> StatementClass.COMMIT;
      case "TRANS_STMT_ROLLBACK" -> StatementClass.ROLLBACK;
      case "TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO" ->
          StatementClass.SAVEPOINT;
      default -> StatementClass.PREPARED_TRANSACTION;
    };
  }

  private static StatementClass setting(String kind, String name) {
    return switch (kind) {
      case "VAR_RESET_ALL" -> StatementClass.RESET_ALL;
      case "VAR_SET_MULTI" ->
          Set.of("TRANSACTION", "SESSION CHARACTERISTICS").contains(name)
              ? StatementClass.SET_TRANSACTION
              : StatementClass.SET_SNAPSHOT;
      default ->
          Set.of("role", "session_authorization").contains(name)
              ? StatementClass.SET_ROLE
              : StatementClass.SET;
    };
  }

  private static StatementClass copy(JsonNode node) {
    if (node.has("filename") || node.has("is_program")) {
      return StatementClass.COPY_FILE;
    }
    return node.has("is_from") ? StatementClass.COPY_IN : StatementClass.COPY_OUT;
  }
}
