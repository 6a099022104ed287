// Service accounts, folder roles and scoped API keys for applications that call Yandex AI Studio.
package yandex
