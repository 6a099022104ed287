import { type RoleServiceServer, RoleServiceService } from "@yandex-cloud/nodejs-sdk/iam-v1/role_service";
import { page } from "../calls/paging";
import { roleDescription, roleExists, roleIds } from "../catalogue/roles";
import { service } from "../calls/service";
import { refuse } from "../status";
import { required } from "../calls/validation";

/** yandex.cloud.iam.v1.RoleService. Knows the roles that matter to AI Studio, not the hundreds of other services. */
export function roles() {
  const toMessage = (id: string) => ({ id, description: roleDescription(id) });

  return service<RoleServiceServer>(RoleServiceService, {
    get(request) {
      required("roleId", request.roleId);
      if (!roleExists(request.roleId)) refuse("NOT_FOUND", `Role ${request.roleId} not found`);
      return toMessage(request.roleId);
    },

    list(request) {
      const { items, nextPageToken } = page(roleIds, request, (id) => id);
      return { roles: items.map(toMessage), nextPageToken };
    },
  });
}
