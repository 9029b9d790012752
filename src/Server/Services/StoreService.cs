using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using Google.Protobuf;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Store.</summary>
internal sealed class StoreService
{
    private static ServiceDescriptor Descriptor => StoreReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<CheckpointStoreRequest, CheckpointStoreResponse>("Checkpoint", Rights.Admin, CheckpointAsync)
        .ServerStream<BackupStoreRequest, BackupStoreResponse>("Backup", Rights.Admin, BackupAsync);

    private async ValueTask<CheckpointStoreResponse> CheckpointAsync(CheckpointStoreRequest request, RpcCall call) =>
        new() { Revision = (await call.Access.Graph.CheckpointAsync(call.Cancellation)).Value };

    private async ValueTask BackupAsync(BackupStoreRequest request, RpcWriter<BackupStoreResponse> output, RpcCall call)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation, call.Draining);
        using StoreBackup backup = await call.Access.Graph.BackupAsync(ends.Token);
        foreach (StorePart part in backup.Parts())
        {
            ends.Token.ThrowIfCancellationRequested();
            await output.WriteAsync(new BackupStoreResponse
            {
                File = part.File,
                FileBytes = part.FileBytes,
                Offset = part.Offset,
                Content = ByteString.CopyFrom(part.Content.Span),
                TotalBytes = backup.Bytes,
            });
        }
    }
}
