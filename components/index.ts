export { AiStudioAccess, type ClientEnvironment } from "./AiStudioAccess";
export type { AiStudioAccessArgs, ApiKeyArgs, NewServiceAccount, ServiceAccountArgs } from "./arguments";
export type { Capability } from "./capabilities";
export type { RotationPolicy } from "./rotation";
