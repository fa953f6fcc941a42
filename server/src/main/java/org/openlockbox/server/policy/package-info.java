/// The tenant's policy on the server: drafts of it, signed changes, signed tickets.
@org.jspecify.annotations.NullMarked
package org.openlockbox.server.policy;
