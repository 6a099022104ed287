import type { UserAccount } from "@yandex-cloud/nodejs-sdk/iam-v1/user_account";
import {
  type UserAccountServiceServer,
  UserAccountServiceService,
} from "@yandex-cloud/nodejs-sdk/iam-v1/user_account_service";
import {
  type YandexPassportUserAccountServiceServer,
  YandexPassportUserAccountServiceService,
} from "@yandex-cloud/nodejs-sdk/iam-v1/yandex_passport_user_account_service";
import { type Service, service } from "../calls/service";
import { id, required } from "../calls/validation";
import { refuse } from "../status";
import type { UserRecord } from "../store/records";
import type { State } from "../store/state";

/** yandex.cloud.iam.v1.UserAccountService and YandexPassportUserAccountService: a person by id or login, for every caller who is signed in. */
export const userAccounts = (state: State): Service[] => [
  service<UserAccountServiceServer>(UserAccountServiceService, {
    get({ userAccountId }) {
      id("userAccountId", userAccountId);
      return toMessage(
        state.users.get(userAccountId) ?? refuse("NOT_FOUND", `User account ${userAccountId} not found`),
      );
    },
  }),
  service<YandexPassportUserAccountServiceServer>(YandexPassportUserAccountServiceService, {
    getByLogin({ login }) {
      required("login", login);
      const found = [...state.users.values()].find((user) => user.name === login);
      return toMessage(found ?? refuse("NOT_FOUND", `User account with login ${login} not found`));
    },
  }),
];

/** The name of a seeded person is the login. */
const toMessage = ({ id: userId, name: login }: Readonly<UserRecord>): UserAccount => ({
  id: userId,
  yandexPassportUserAccount: { login, defaultEmail: `${login}@example.com` },
});
