/// The pages of a tenant's policy: what is in force, the draft of another one as a form or as a
/// text, and what it would change.
@NullMarked
package org.openlockbox.portal.policy;

import org.jspecify.annotations.NullMarked;
