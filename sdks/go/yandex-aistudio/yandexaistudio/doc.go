// An application's access to Yandex AI Studio, from a list of capabilities.
package yandexaistudio
