using AuthzGraph.Graph;
using AuthzGraph.Protocol.V1;
using AuthzGraph.Server.Rpc;
using AuthzGraph.Server.Security;
using AuthzGraph.Server.Stores;
using Google.Protobuf;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace AuthzGraph.Server.Services;

/// <summary>authzgraph.v1.Store.</summary>
/// <param name="stores">The stores there are; null: those of tests, which nobody makes or deletes.</param>
internal sealed class StoreService(StoreBook? stores)
{
    private static ServiceDescriptor Descriptor => StoreReflection.Descriptor.Services[0];

    public RpcService Bind() => new RpcService(Descriptor)
        .Unary<CheckpointStoreRequest, CheckpointStoreResponse>("Checkpoint", Rights.Admin, CheckpointAsync)
        .ServerStream<BackupStoreRequest, BackupStoreResponse>("Backup", Rights.Admin, BackupAsync)
        .Unary<CreateStoreRequest, CreateStoreResponse>("Create", Rights.Admin, CreateAsync)
        .Unary<ListStoresRequest, ListStoresResponse>("List", Rights.Admin, List)
        .Unary<DeleteStoreRequest, DeleteStoreResponse>("Delete", Rights.Admin, DeleteAsync);

    private async ValueTask<CreateStoreResponse> CreateAsync(CreateStoreRequest request, RpcCall call)
    {
        call.Access.RequireIn(request.Name, Rights.Admin);
        await Stores.CreateAsync(request.Name, call.Cancellation);
        return new CreateStoreResponse();
    }

    private ValueTask<ListStoresResponse> List(ListStoresRequest request, RpcCall call)
    {
        HashSet<string> open = [.. Stores.Open.Select(store => store.Name)];
        var response = new ListStoresResponse();
        response.Stores.AddRange(Stores.Names.Where(call.Access.Reaches).Select(name => new StoreDescription { Name = name, Open = open.Contains(name) }));
        return new(response);
    }

    private async ValueTask<DeleteStoreResponse> DeleteAsync(DeleteStoreRequest request, RpcCall call)
    {
        call.Access.RequireIn(request.Name, Rights.Admin);
        await Stores.DeleteAsync(request.Name, call.Cancellation);
        return new DeleteStoreResponse();
    }

    private StoreBook Stores => stores ?? throw StoreRefusals.Testing();

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
