/// The encryption at rest of the texts beside the logs: one data key a tenant, wrapped by a key
/// that lies outside the database. Destroying a data key erases all that was sealed with it.
@NullMarked
package org.openlockbox.server.seal;

import org.jspecify.annotations.NullMarked;
