"""The vendor's SDK for the control plane, over TLS, signed in by an authorized key or an IAM token."""

import os

import grpc
import yandexcloud
from google.protobuf.json_format import MessageToDict, ParseDict
from worker import Refused, serve
from yandex.cloud.access import access_pb2 as access
from yandex.cloud.iam.v1 import api_key_service_pb2 as key
from yandex.cloud.iam.v1 import service_account_service_pb2 as account
from yandex.cloud.iam.v1.api_key_pb2 import ApiKey
from yandex.cloud.iam.v1.api_key_service_pb2_grpc import ApiKeyServiceStub
from yandex.cloud.iam.v1.service_account_pb2 import ServiceAccount
from yandex.cloud.iam.v1.service_account_service_pb2_grpc import ServiceAccountServiceStub
from yandex.cloud.operation.operation_pb2 import Operation
from yandex.cloud.resourcemanager.v1 import folder_service_pb2 as folder
from yandex.cloud.resourcemanager.v1.folder_service_pb2_grpc import FolderServiceStub
from yandexcloud.operations import OperationError

CALLS = {
    "ServiceAccountService/Create": (ServiceAccountServiceStub, account.CreateServiceAccountRequest),
    "ServiceAccountService/Get": (ServiceAccountServiceStub, account.GetServiceAccountRequest),
    "ServiceAccountService/List": (ServiceAccountServiceStub, account.ListServiceAccountsRequest),
    "ServiceAccountService/Update": (ServiceAccountServiceStub, account.UpdateServiceAccountRequest),
    "ServiceAccountService/Delete": (ServiceAccountServiceStub, account.DeleteServiceAccountRequest),
    "ApiKeyService/Create": (ApiKeyServiceStub, key.CreateApiKeyRequest),
    "ApiKeyService/Get": (ApiKeyServiceStub, key.GetApiKeyRequest),
    "ApiKeyService/List": (ApiKeyServiceStub, key.ListApiKeysRequest),
    "ApiKeyService/Update": (ApiKeyServiceStub, key.UpdateApiKeyRequest),
    "ApiKeyService/Delete": (ApiKeyServiceStub, key.DeleteApiKeyRequest),
    "FolderService/Get": (FolderServiceStub, folder.GetFolderRequest),
    "FolderService/ListAccessBindings": (FolderServiceStub, access.ListAccessBindingsRequest),
    "FolderService/UpdateAccessBindings": (FolderServiceStub, access.UpdateAccessBindingsRequest),
}

# What the operations of these calls answer with; nobody looks at that of the others.
RESPONSES = {
    "ServiceAccountService/Create": ServiceAccount,
    "ServiceAccountService/Update": ServiceAccount,
    "ApiKeyService/Update": ApiKey,
}

with open(os.environ["CLOUD_CA_FILE"], "rb") as file:
    ROOTS = file.read()


def sign_in(credentials):
    way = {"iam_token": credentials["token"]} if "token" in credentials else {"service_account_key": credentials["key"]}
    return yandexcloud.SDK(endpoint=os.environ["CLOUD_TLS_ENDPOINT"], root_certificates=ROOTS, **way)


def run(order):
    stub, request = CALLS[order["call"]]
    sdk = sign_in(order["as"])
    try:
        method = getattr(sdk.client(stub), order["call"].split("/")[1])
        answer = method(ParseDict(order["request"], request()))
        if isinstance(answer, Operation):
            # A failed operation is raised.
            response = RESPONSES.get(order["call"])
            result = sdk.wait_operation_and_get_result(answer, response_type=response, timeout=30)
            return MessageToDict(result.response) if response else {}
        return MessageToDict(answer)
    except OperationError as error:
        failure = error.operation_result.operation.error
        raise Refused(failure.code, failure.message) from error
    except grpc.RpcError as error:
        raise Refused(error.code().value[0], error.details()) from error


serve(run)
