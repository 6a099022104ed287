import { PolicyPack } from "@pulumi/policy";
import { now } from "./clock";
import { rulesAt } from "./rules";

new PolicyPack("yandex-ai-access", { enforcementLevel: "mandatory", policies: rulesAt(now) });
