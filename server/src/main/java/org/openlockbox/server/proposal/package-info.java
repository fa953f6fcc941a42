/// Changes of a tenant's keyring that wait for signatures of its approvers.
@NullMarked
package org.openlockbox.server.proposal;

import org.jspecify.annotations.NullMarked;
