using AuthzGraph.Protocol.GrpcHealth;
using AuthzGraph.Protocol.V1;

namespace AuthzGraph.Client;

/// <summary>
/// A client of one server, over one HTTP/2 connection that all calls share. Safe for any number of threads; make one
/// and keep it. Every call throws <see cref="AuthzGraphException"/> when it ends with another status than OK, and
/// <see cref="OperationCanceledException"/> when the caller's token is cancelled.
/// </summary>
public sealed class AuthzGraphClient : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Caller _caller;
    private readonly bool _isSession;

    /// <param name="address">The server's gRPC address: <c>http://127.0.0.1:50051</c>.</param>
    /// <param name="deadline">The longest a call may take, streams included; null: for ever.</param>
    public AuthzGraphClient(Uri address, TimeSpan? deadline = null)
        : this(address, new AuthzGraphClientOptions { Deadline = deadline }) { }

    /// <param name="address">The server's gRPC address: <c>https://authz.example.com</c>.</param>
    /// <param name="retries">When calls are made again; null: <see cref="RetryPolicy.Default"/>.</param>
    public AuthzGraphClient(Uri address, AuthzGraphClientOptions options, RetryPolicy? retries = null)
    {
        _channel = new GrpcChannel(address, options);
        _caller = new Caller(_channel, new Retries(retries ?? RetryPolicy.Default, options.Deadline, TimeProvider.System), session: null);
    }

    private AuthzGraphClient(GrpcChannel channel, Caller caller) => (_channel, _caller, _isSession) = (channel, caller, true);

    /// <summary>
    /// A client over the same connection that remembers the newest consistency token it was given, and reads nothing older: for what belongs
    /// together, such as one user's visit. What says itself how consistent it wants to be is sent as it is.
    /// </summary>
    /// <param name="token">A token to begin with, from another session; null: none.</param>
    public AuthzGraphClient NewSession(string? token = null)
    {
        Caller caller = _caller.WithSession();
        if (token is not null) caller.Learn(token, revision: 0);
        return new AuthzGraphClient(_channel, caller);
    }

    /// <summary>Of a session the newest token it was given, to go on with elsewhere; null before the first, and of a client that is none.</summary>
    public string? Token => _caller.Token;

    public Task<CheckResponse> CheckAsync(CheckRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Permissions/Check", request, CheckResponse.Parser, isSafe: true, cancellation);

    public Task<CheckBatchResponse> CheckBatchAsync(CheckBatchRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Permissions/CheckBatch", request, CheckBatchResponse.Parser, isSafe: true, cancellation);

    public Task<ExpandResponse> ExpandAsync(ExpandRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Permissions/Expand", request, ExpandResponse.Parser, isSafe: true, cancellation);

    /// <summary>Every object of a type on which a subject has a permission, in messages as they are found; each says how to go on behind it.</summary>
    public IAsyncEnumerable<LookupResourcesResponse> LookupResourcesAsync(LookupResourcesRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Permissions/LookupResources", request, LookupResourcesResponse.Parser, cancellation);

    /// <summary>Every subject of a type that has a permission on a resource, or who may act on it for somebody, in messages as they are found.</summary>
    public IAsyncEnumerable<LookupSubjectsResponse> LookupSubjectsAsync(LookupSubjectsRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Permissions/LookupSubjects", request, LookupSubjectsResponse.Parser, cancellation);

    /// <summary>The answer to each question, and then the new answer whenever one changes, until the token is cancelled or the client's deadline passes.</summary>
    public IAsyncEnumerable<WatchDecisionResponse> WatchDecisionAsync(WatchDecisionRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Permissions/WatchDecision", request, WatchDecisionResponse.Parser, cancellation);

    /// <summary>Durable and visible once it returns.</summary>
    public Task<WriteRelationshipsResponse> WriteRelationshipsAsync(WriteRelationshipsRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Relationships/Write", request, WriteRelationshipsResponse.Parser, isSafe: request.IdempotencyKey.Length > 0, cancellation);

    /// <summary>The messages of the stream as they arrive; the first names the snapshot they are all read from.</summary>
    public IAsyncEnumerable<ReadRelationshipsResponse> ReadRelationshipsAsync(ReadRelationshipsRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Relationships/Read", request, ReadRelationshipsResponse.Parser, cancellation);

    /// <summary>Deletes what matches, up to the request's limit; a progress of PARTIAL says that there is more.</summary>
    public Task<DeleteRelationshipsResponse> DeleteRelationshipsAsync(DeleteRelationshipsRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Relationships/Delete", request, DeleteRelationshipsResponse.Parser, isSafe: false, cancellation);

    /// <summary>Sends a stream of relationships and gives back receipts as chunks are committed. The options are the first message's.</summary>
    public IAsyncEnumerable<ImportRelationshipsResponse> ImportRelationshipsAsync(
        IAsyncEnumerable<ImportRelationshipsRequest> requests, CancellationToken cancellation = default) =>
        _caller.DuplexAsync("/authzgraph.v1.Relationships/Import", requests, ImportRelationshipsResponse.Parser, cancellation);

    /// <summary>Every relationship of one snapshot; each message says how to go on behind it.</summary>
    public IAsyncEnumerable<ExportRelationshipsResponse> ExportRelationshipsAsync(ExportRelationshipsRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Relationships/Export", request, ExportRelationshipsResponse.Parser, cancellation);

    /// <summary>Every change after a revision, and then what comes, until the token is cancelled or the client's deadline passes.</summary>
    public IAsyncEnumerable<WatchRelationshipsResponse> WatchRelationshipsAsync(WatchRelationshipsRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Relationships/Watch", request, WatchRelationshipsResponse.Parser, cancellation);

    /// <summary>Lends an agent something: writes a hop whole. Durable and visible once it returns.</summary>
    public Task<DelegateResponse> DelegateAsync(DelegateRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Delegate", request, DelegateResponse.Parser, isSafe: IsKeyed(request.Act), cancellation);

    public Task<AuthorityResponse> ApproveAsync(ApproveRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Approve", request, AuthorityResponse.Parser, isSafe: true, cancellation);

    /// <summary>Takes back a hop and all under it, for good: no check that starts after it returned permits by it.</summary>
    public Task<AuthorityResponse> RevokeAsync(RevokeRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Revoke", request, AuthorityResponse.Parser, isSafe: true, cancellation);

    /// <summary>A chain with a verdict for each hop, whatever may be asked of it.</summary>
    public Task<DescribeResponse> DescribeAsync(DescribeRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Describe", request, DescribeResponse.Parser, isSafe: true, cancellation);

    public Task<OpenTaskResponse> OpenTaskAsync(OpenTaskRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/OpenTask", request, OpenTaskResponse.Parser, isSafe: IsKeyed(request.Act), cancellation);

    /// <summary>Ends a task and all authority under it, for good.</summary>
    public Task<AuthorityResponse> CloseTaskAsync(CloseTaskRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/CloseTask", request, AuthorityResponse.Parser, isSafe: true, cancellation);

    /// <summary>Stops a principal at once and everywhere.</summary>
    public Task<AuthorityResponse> SuspendAsync(SuspendRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Suspend", request, AuthorityResponse.Parser, isSafe: true, cancellation);

    public Task<ResumeResponse> ResumeAsync(ResumeRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Delegations/Resume", request, ResumeResponse.Parser, isSafe: IsKeyed(request.Act), cancellation);

    public Task<WriteSchemaResponse> WriteSchemaAsync(WriteSchemaRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Schema/Write", request, WriteSchemaResponse.Parser, isSafe: false, cancellation);

    public Task<ReadSchemaResponse> ReadSchemaAsync(ReadSchemaRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Schema/Read", request, ReadSchemaResponse.Parser, isSafe: true, cancellation);

    public Task<ValidateSchemaResponse> ValidateSchemaAsync(ValidateSchemaRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Schema/Validate", request, ValidateSchemaResponse.Parser, isSafe: true, cancellation);

    /// <summary>What writing a schema would change, and what stands in its way; writes nothing.</summary>
    public Task<DiffSchemaResponse> DiffSchemaAsync(DiffSchemaRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Schema/Diff", request, DiffSchemaResponse.Parser, isSafe: true, cancellation);

    public Task<ReflectSchemaResponse> ReflectSchemaAsync(ReflectSchemaRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Schema/Reflect", request, ReflectSchemaResponse.Parser, isSafe: true, cancellation);

    /// <summary>Makes an empty store on the server.</summary>
    public Task<CreateStoreResponse> CreateStoreAsync(CreateStoreRequest request, CancellationToken cancellation = default) =>
        _channel.UnaryAsync("/authzgraph.v1.Store/Create", request, CreateStoreResponse.Parser, cancellation);

    public Task<ListStoresResponse> ListStoresAsync(ListStoresRequest request, CancellationToken cancellation = default) =>
        _channel.UnaryAsync("/authzgraph.v1.Store/List", request, ListStoresResponse.Parser, cancellation);

    /// <summary>Removes a store and all that is in it, for good.</summary>
    public Task<DeleteStoreResponse> DeleteStoreAsync(DeleteStoreRequest request, CancellationToken cancellation = default) =>
        _channel.UnaryAsync("/authzgraph.v1.Store/Delete", request, DeleteStoreResponse.Parser, cancellation);

    /// <summary>Takes a checkpoint of the server's store; it holds everything that was acknowledged before. Not tried again: the server does so itself.</summary>
    public Task<CheckpointStoreResponse> CheckpointStoreAsync(CheckpointStoreRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/authzgraph.v1.Store/Checkpoint", request, CheckpointStoreResponse.Parser, isSafe: false, cancellation);

    /// <summary>A copy of the server's store as of now, part by part; nothing is a backup before it was verified.</summary>
    public IAsyncEnumerable<BackupStoreResponse> BackupStoreAsync(BackupStoreRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/authzgraph.v1.Store/Backup", request, BackupStoreResponse.Parser, cancellation);

    /// <summary>Whether the server, or one service of it, takes calls.</summary>
    public Task<HealthCheckResponse> HealthAsync(HealthCheckRequest request, CancellationToken cancellation = default) =>
        _caller.UnaryAsync("/grpc.health.v1.Health/Check", request, HealthCheckResponse.Parser, isSafe: true, cancellation);

    /// <summary>The state now, and then each change of it; ends with UNAVAILABLE when the server stops.</summary>
    public IAsyncEnumerable<HealthCheckResponse> WatchHealthAsync(HealthCheckRequest request, CancellationToken cancellation = default) =>
        _caller.StreamAsync("/grpc.health.v1.Health/Watch", request, HealthCheckResponse.Parser, cancellation);

    /// <summary>Closes the connection; a session leaves it to the client it is of.</summary>
    public void Dispose()
    {
        if (!_isSession) _channel.Dispose();
    }

    private static bool IsKeyed(Act? act) => act is { IdempotencyKey.Length: > 0 };
}
