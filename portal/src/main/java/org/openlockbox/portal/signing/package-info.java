/// The pages on which an approver signs, and those that prove what was signed.
@NullMarked
package org.openlockbox.portal.signing;

import org.jspecify.annotations.NullMarked;
